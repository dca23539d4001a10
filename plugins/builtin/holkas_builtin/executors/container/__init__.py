"""The executor ``container``: each step is a container in its image, through the command line of podman or docker."""

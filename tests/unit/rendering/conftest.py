"""Projects to render, and what is skipped where a renderer is missing."""

import shutil
from pathlib import Path

import pytest

from tests.rendering_projects import Project, repository


@pytest.fixture
def project(tmp_path):
    """Makes a project of files: ``project({"app/cm.yaml": …})``."""

    def make(files, **more) -> Project:
        return Project(repository(tmp_path / "project", files), tmp_path / "state", **more)

    return make


@pytest.fixture
def helm():
    """Charts can be rendered."""
    if not shutil.which("helm"):
        pytest.importorskip("helm_python", reason="needs helm-python-sdk or helm")


@pytest.fixture
def jsonnet():
    """Jsonnet can be evaluated."""
    pytest.importorskip("_gojsonnet", reason="needs gojsonnet")


@pytest.fixture
def kustomize():
    """Kustomizations can be built."""
    from holkas_compat.argocd.rendering.failure import RenderFailure
    from holkas_compat.argocd.rendering.kustomize.build import program

    try:
        return Path(program()[0])
    except RenderFailure as failure:
        pytest.skip(str(failure))

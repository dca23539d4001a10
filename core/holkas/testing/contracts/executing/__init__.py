"""The contract of executors, a file a subject; what authors subclass is :class:`..executor.ExecutorContract`."""

"""What an engine tells of itself: health, metrics, logs, traces."""

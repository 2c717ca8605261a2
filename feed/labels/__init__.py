"""What a message is: kind, sentiment, and flags that bring it to a person at once. See docs/feed-labels.md."""

from feed.labels.classifier import Classifier, load_classifier
from feed.labels.types import Flag, Kind, Labels, Sentiment

__all__ = ["Classifier", "Flag", "Kind", "Labels", "Sentiment", "load_classifier"]

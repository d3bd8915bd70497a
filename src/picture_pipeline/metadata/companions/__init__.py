"""What stands beside a picture in a file of its own: foreign sidecars, JSON, XML, sound."""

"""Structures that file formats are made of: boxes, directories, markers."""

"""What films say: QuickTime and its kin, RIFF, Matroska, ASF, transport streams."""

"""Finding perceptual hashes near each other, among a million."""

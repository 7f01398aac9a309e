"""Trained models (ONNX, NNet) as exact programs."""

"""ONNX operators as steps of tensor programs, by families; each file adds its own to the table in ``registry``."""

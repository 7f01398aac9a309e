"""Tensor programs in exact arithmetic, tensors kept whole: values and signs forwards, rows backwards."""

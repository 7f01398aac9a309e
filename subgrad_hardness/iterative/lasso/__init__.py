"""The Lasso of a design and data, min 1/2 |X x - y|^2 + lam |x|_1, exactly at real size: solution, derivative, path."""

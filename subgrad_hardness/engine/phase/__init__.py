"""The phase engine: CDCL(T) over phases of kinks, with exact linear bounds as its theory (SPEC 5.4)."""

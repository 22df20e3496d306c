package asl

func (d *Definition) Validate() Diagnostics { return nil }

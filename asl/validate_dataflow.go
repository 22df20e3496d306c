package asl

// dataflow follows the shape of the data along every route.
func (v *validator) dataflow(*Definition) {}

package infra

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// register registers a component and returns the options of its children.
func register(
	ctx *pulumi.Context, kind, name string, component pulumi.ComponentResource, opts []pulumi.ResourceOption,
) (pulumi.ResourceOption, error) {
	if err := ctx.RegisterComponentResource("airline:infra:"+kind, name, component, opts...); err != nil {
		return nil, err
	}
	return pulumi.Parent(component), nil
}

// keepData are the options of a resource whose loss would lose data.
func keepData(protect bool) []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Protect(protect), pulumi.RetainOnDelete(protect)}
}

// optional is the text as an input, and nothing when AWS's own default is meant.
func optional(text, standard string) pulumi.StringPtrInput {
	if text == "" || text == standard {
		return nil
	}
	return pulumi.String(text)
}

// keepPart are the options of what makes a kept resource what it is: a bucket without its settings, a key without its alias
// is not what was kept. Only the resource itself is protected, so that one setting ends both.
func keepPart(protect bool, child pulumi.ResourceOption) pulumi.ResourceOption {
	return pulumi.Composite(child, pulumi.RetainOnDelete(protect))
}

// tagEverything gives the stack's tags to every resource that can have tags. Policies recognise the stack's
// warehouse by them, and bills are split by them.
func tagEverything(ctx *pulumi.Context, tags map[string]string) error {
	return ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		props := reflect.ValueOf(args.Props)
		if props.Kind() != reflect.Pointer || props.IsNil() || props.Elem().Kind() != reflect.Struct {
			return nil
		}
		field := props.Elem().FieldByName("Tags")
		if !field.IsValid() || field.Type() != reflect.TypeFor[pulumi.StringMapInput]() {
			return nil
		}
		own := pulumi.StringMap{}
		if given, ok := field.Interface().(pulumi.StringMap); ok {
			for k, v := range given {
				own[k] = v
			}
		}
		for k, v := range tags {
			own[k] = pulumi.String(v)
		}
		field.Set(reflect.ValueOf(own))
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	})
}

package jsonata_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"airline/asl/jsonata"

	"pgregory.net/rapid"
)

// fataler is what checkPrint needs of a test.
type fataler interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkPrint checks that an expression, if it compiles, is printed as one with the same tree.
func checkPrint(t fataler, src string) {
	t.Helper()
	x, err := jsonata.Compile(src)
	if err != nil {
		return
	}
	printed := x.String()
	again, err := jsonata.Compile(printed)
	if err != nil {
		t.Errorf("%s\nis printed as\n%s\nwhich does not compile: %v", src, printed, err)
		return
	}
	if a, b := describe(x.Root()), describe(again.Root()); a != b {
		t.Errorf("%s\nis printed as\n%s\nwhich has another tree:\n%s\n%s", src, printed, a, b)
	}
}

// describe writes a tree with all exported fields but the places.
func describe(n jsonata.Node) string {
	var b strings.Builder
	dump(&b, reflect.ValueOf(n))
	return b.String()
}

func dump(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		dump(b, v.Elem())
	case reflect.Struct:
		b.WriteString(v.Type().Name() + "{")
		c, _ := v.Interface().(jsonata.Condition)
		for i := range v.NumField() {
			// Of ?: and ?? the condition is the result: once is enough, as nesting would double it each time.
			f := v.Type().Field(i)
			twice := f.Name == "If" && c.Op != "?"
			if f.IsExported() && f.Name != "Offset" && !twice {
				b.WriteString(f.Name + ":")
				dump(b, v.Field(i))
				b.WriteByte(' ')
			}
		}
		b.WriteByte('}')
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			dump(b, v.Index(i))
			b.WriteByte(' ')
		}
		b.WriteByte(']')
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}

// TestPrintIsReadBack is the property for expressions made at random from the grammar.
func TestPrintIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := expression(t, 4)
		if _, err := jsonata.Compile(src); err != nil {
			return
		}
		checkPrint(t, src)
	})
}

// expression makes the source of an expression that mostly compiles.
func expression(t *rapid.T, depth int) string {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "pick") }
	if depth == 0 {
		return pick("a", "b.c", "`odd name`", "$", "$$", "$x", "1", "-2.5", "1e30", `"text"`, `'it"s'`, `"\ud800\n"`, "true", "false", "null", "*", "**", "a.%", "and", "[]", "{}", "()",
			"function(){1}", "-0", `"a".b`, "a[]")
	}
	sub := func() string { return expression(t, depth-1) }
	switch rapid.IntRange(0, 21).Draw(t, "form") {
	case 0:
		return sub() + pick(" + ", " - ", " * ", "/ ", " % ", " & ", " = ", " != ", " < ", " >= ", " and ", " or ", " in ", " ~> ", " ?: ", " ?? ", ".", ".") + sub()
	case 1:
		return sub() + "[" + sub() + "]"
	case 2:
		return sub() + "[]"
	case 3:
		return sub() + "{" + sub() + ": " + sub() + "}"
	case 4:
		return sub() + "^(" + pick("", "<", ">") + sub() + ", " + sub() + ")"
	case 5:
		return sub() + pick("@$v", "#$i", "@$v#$i")
	case 6:
		return "[" + sub() + ", " + sub() + "]"
	case 7:
		return "[" + sub() + ".." + sub() + "]"
	case 8:
		return "{" + sub() + ": " + sub() + ", \"k\": " + sub() + "}"
	case 9:
		return "(" + sub() + "; " + sub() + ")"
	case 10:
		return sub() + " ? " + sub() + pick("", " : "+sub())
	case 11:
		return "$y := " + sub()
	case 12:
		return "$f(" + sub() + ", " + pick("?", sub()) + ")"
	case 13:
		return "function($a, $b)" + pick("", "<n-s?:x>") + "{" + sub() + "}"
	case 14:
		return "|" + sub() + "|" + sub() + pick("", ", "+sub()) + "|"
	case 15:
		return "-" + sub()
	case 16:
		return "$match(" + sub() + ", /a[/]+(b|c)/" + pick("", "i", "im") + ")"
	case 17:
		return "(" + sub() + ")" + pick("", "[0]", ".d", "{\"k\": 1}", "[]", "#$p")
	}
	return sub()
}

package jsonata

import "strconv"

// call reads the arguments of a call, or the rest of a function definition.
func (p *parser) call(n *raw) *raw {
	n.kind = rawCall
	function := n.list[0]
	if !p.is(")") {
		for {
			if p.is("?") {
				n.kind = rawPartial
				n.list = append(n.list, nil)
				p.advance(true)
			} else {
				n.list = append(n.list, p.expression(0))
			}
			if !p.is(",") {
				break
			}
			p.advance(false)
		}
	}
	p.expect(")", true)
	if function.kind != rawName || function.text != "function" && function.text != "λ" {
		return n
	}
	return p.lambda(n, function)
}

func (p *parser) lambda(n, function *raw) *raw {
	for i, param := range n.list[1:] {
		if param == nil {
			panic(&Error{Code: "S0208", Offset: n.offset, Token: "?", Value: strconv.Itoa(i + 1)})
		}
		if param.kind != rawVariable {
			panic(&Error{Code: "S0208", Offset: param.offset, Token: param.text, Value: strconv.Itoa(i + 1)})
		}
	}
	n.kind, n.text, n.offset = rawLambda, "", function.offset
	if p.is("<") {
		start := p.tok.offset
		depth := 1
		n.text = "<"
		for depth > 0 && !p.is("{") && p.tok.kind != endToken {
			p.advance(true)
			switch {
			case p.is(">"):
				depth--
			case p.is("<"):
				depth++
			}
			n.text += p.tok.text
		}
		p.expect(">", true)
		sig, err := parseSignature(n.text)
		if err != nil {
			err.Offset += start
			panic(err)
		}
		n.signature = sig
	}
	p.expect("{", false)
	n.list = append(n.list, p.expression(0))
	p.expect("}", true)
	return n
}

package redshiftdata

const divisionByZero = "ERROR: division by zero"

// divisor makes the division at token i fail when its right side is 0, as it does in Redshift; DuckDB answers
// null. The operand stands once in what DuckDB gets, because it may itself hold what is translated.
func (p *parser) divisor(i int) {
	p.notZero(i+1, p.operand(i+1)-1)
}

// modulus does the same for the second argument of the call of MOD at token i.
func (p *parser) modulus(i int) error {
	closing := p.closing(i + 1)
	comma := p.comma(i+2, closing)
	if comma == 0 || comma+1 == closing {
		return syntaxAt(p.at(closing), p.src)
	}
	p.notZero(comma+1, closing-1)
	return nil
}

// notZero has the expression from the first to the last token fail when it is 0.
func (p *parser) notZero(first, last int) {
	p.edit(p.at(first).start, p.at(first).start, "list_transform([")
	p.edit(p.at(last).end, p.at(last).end, "], lambda d: CASE WHEN d = 0 THEN error('"+divisionByZero+"') ELSE d END)[1]")
}

// operand is the index after the operand of a division that begins at token i: signs, then a value, a name, a
// call or something in brackets, then casts.
func (p *parser) operand(i int) int {
	for p.at(i).is("-") || p.at(i).is("+") {
		i++
	}
	switch {
	case p.at(i).is("("):
		i = p.closing(i) + 1
	case p.at(i).is("case"):
		for depth := 0; p.at(i).kind != end; i++ {
			if p.at(i).is("case") {
				depth++
			} else if p.at(i).is("end") {
				if depth--; depth == 0 {
					break
				}
			}
		}
		i++
	default:
		i++
	}
	for p.at(i).is(".") {
		i += 2
	}
	for {
		switch {
		case p.at(i).is("("):
			i = p.closing(i) + 1
		case p.at(i).is("::"), p.at(i).is("over") && p.at(i+1).kind == word:
			i += 2
		case p.at(i).is("over"), p.at(i).is("filter"), p.at(i).is("precision"):
			i++
		case p.at(i).is("within"):
			i += 2
		default:
			return min(i, len(p.tokens)-1)
		}
	}
}

package redshift

// TokenKind is the kind of a [Token].
type TokenKind uint8

// The kinds of tokens.
const (
	TokenEnd    = TokenKind(end)
	TokenWord   = TokenKind(word)   // an unquoted identifier or keyword, in lower case
	TokenQuoted = TokenKind(quoted) // a "quoted identifier"
	TokenText   = TokenKind(text)   // a 'string literal'
	TokenNumber = TokenKind(number)
	TokenParam  = TokenKind(param)  // :name or $1
	TokenDollar = TokenKind(dollar) // a text between $$ or $tag$
	TokenPunct  = TokenKind(punct)
)

// Token is one piece of a statement's text, which it is at Start and before End. Value is its meaning, without quotes and escapes.
type Token struct {
	Kind       TokenKind
	Start, End int
	Value      string
}

// Tokens splits a text into tokens without comments and space; the last is of the kind [TokenEnd].
func Tokens(src string) ([]Token, error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, located(err, src)
	}
	list := make([]Token, len(tokens))
	for i, t := range tokens {
		list[i] = Token{TokenKind(t.kind), t.start, t.end, t.val}
	}
	return list, nil
}

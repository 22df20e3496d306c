package redshift

// TokenKind is the kind of a [Token].
type TokenKind uint8

const (
	end    TokenKind = iota
	word             // an unquoted identifier or keyword
	quoted           // a "quoted identifier"
	text             // a 'string literal'
	number           // 12, 1.5, 1e3
	param            // :name or $1
	dollar           // a text between $$ or $tag$
	punct            // an operator or a bracket; :: , <= and the like are one token
)

// The kinds of tokens, for other packages.
const (
	TokenEnd, TokenWord, TokenQuoted, TokenText      = end, word, quoted, text
	TokenNumber, TokenParam, TokenDollar, TokenPunct = number, param, dollar, punct
)

// Token is one piece of SQL: src[Start:End] is its own text.
type Token struct {
	Kind       TokenKind
	Start, End int
	// Value is the token's meaning: a word in lower case, a quoted identifier and a string without quotes and
	// escapes, a parameter without its colon or dollar, punctuation as it stands.
	Value string
}

// Is reports whether the token is the keyword or the punctuation s (s in lower case).
func (t Token) Is(s string) bool { return (t.Kind == word || t.Kind == punct) && t.Value == s }

// Tokens splits SQL into tokens; comments and space are dropped, the last is of the kind [TokenEnd].
func Tokens(src string) ([]Token, error) {
	tokens, err := lex(src)
	return tokens, located(err, src)
}

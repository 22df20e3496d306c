package wire

import (
	"net/http"
	"strings"

	"airline/local/wire/sigv4"
)

// elsewhere is the answer to a request to the warehouse that is signed for another region than the stack's, where it is not; nil of any other
// request. Other services find by ARN, which has the region, or by name, in whatever region they are asked.
func (s *Server) elsewhere(signed *sigv4.Signed, service, action string) error {
	if signed.Region == s.world.Graph.Region {
		return nil
	}
	switch {
	case service == "redshiftdata" && (strings.HasPrefix(action, "GetStatementResult") || action == "DescribeStatement" || action == "CancelStatement"):
		return &apiFault{code: "ResourceNotFoundException", message: "Query does not exist.", status: http.StatusBadRequest}
	case service == "redshiftdata" && action != "ListStatements":
		return &apiFault{code: "ValidationException", message: "Redshift endpoint doesn't exist in this region.", status: http.StatusBadRequest}
	case service == "redshiftserverless" && (action == "GetNamespace" || action == "GetWorkgroup" || action == "GetCredentials"):
		return &apiFault{code: "ResourceNotFoundException", message: "The warehouse was not found in " + signed.Region + ".", status: http.StatusBadRequest}
	}
	return nil
}

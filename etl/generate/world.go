package generate

// airport is a place with scheduled flights; weight says how many of them.
type airport struct {
	city, state, name string
	weight            int
}

// airportID numbers airports with gaps, as real registers do.
func airportID(i int) int64 { return int64(10135 + 97*i) }

// airports are the larger ones of the United States.
var airports = []airport{
	{"Albany", "NY", "Albany International", 3},
	{"Albuquerque", "NM", "Albuquerque International Sunport", 6},
	{"Anchorage", "AK", "Ted Stevens Anchorage International", 4},
	{"Atlanta", "GA", "Hartsfield-Jackson Atlanta International", 60},
	{"Austin", "TX", "Austin - Bergstrom International", 9},
	{"Baltimore", "MD", "Baltimore/Washington International", 17},
	{"Birmingham", "AL", "Birmingham-Shuttlesworth International", 4},
	{"Boise", "ID", "Boise Air Terminal", 4},
	{"Boston", "MA", "Logan International", 20},
	{"Buffalo", "NY", "Buffalo Niagara International", 5},
	{"Burbank", "CA", "Bob Hope", 5},
	{"Charleston", "SC", "Charleston International", 3},
	{"Charlotte", "NC", "Charlotte Douglas International", 22},
	{"Chicago", "IL", "Chicago Midway International", 16},
	{"Chicago", "IL", "Chicago O'Hare International", 54},
	{"Cincinnati", "OH", "Cincinnati/Northern Kentucky International", 14},
	{"Cleveland", "OH", "Cleveland-Hopkins International", 11},
	{"Columbus", "OH", "Port Columbus International", 6},
	{"Dallas", "TX", "Dallas Love Field", 8},
	{"Dallas/Fort Worth", "TX", "Dallas/Fort Worth International", 45},
	{"Denver", "CO", "Denver International", 39},
	{"Des Moines", "IA", "Des Moines International", 3},
	{"Detroit", "MI", "Detroit Metro Wayne County", 25},
	{"El Paso", "TX", "El Paso International", 4},
	{"Fargo", "ND", "Hector International", 1},
	{"Fort Lauderdale", "FL", "Fort Lauderdale-Hollywood International", 12},
	{"Fort Myers", "FL", "Southwest Florida International", 6},
	{"Hartford", "CT", "Bradley International", 6},
	{"Honolulu", "HI", "Honolulu International", 10},
	{"Houston", "TX", "George Bush Intercontinental", 32},
	{"Houston", "TX", "William P Hobby", 9},
	{"Indianapolis", "IN", "Indianapolis International", 7},
	{"Jacksonville", "FL", "Jacksonville International", 5},
	{"Kahului", "HI", "Kahului Airport", 4},
	{"Kansas City", "MO", "Kansas City International", 9},
	{"Las Vegas", "NV", "McCarran International", 27},
	{"Little Rock", "AR", "Adams Field", 3},
	{"Los Angeles", "CA", "Los Angeles International", 35},
	{"Louisville", "KY", "Louisville International-Standiford Field", 4},
	{"Memphis", "TN", "Memphis International", 11},
	{"Miami", "FL", "Miami International", 11},
	{"Milwaukee", "WI", "General Mitchell International", 8},
	{"Minneapolis", "MN", "Minneapolis-St Paul International", 23},
	{"Nashville", "TN", "Nashville International", 9},
	{"New Orleans", "LA", "Louis Armstrong New Orleans International", 7},
	{"New York", "NY", "John F. Kennedy International", 18},
	{"New York", "NY", "LaGuardia", 20},
	{"Newark", "NJ", "Newark Liberty International", 22},
	{"Norfolk", "VA", "Norfolk International", 4},
	{"Oakland", "CA", "Metropolitan Oakland International", 9},
	{"Oklahoma City", "OK", "Will Rogers World", 4},
	{"Omaha", "NE", "Eppley Airfield", 4},
	{"Ontario", "CA", "Ontario International", 5},
	{"Orlando", "FL", "Orlando International", 20},
	{"Philadelphia", "PA", "Philadelphia International", 17},
	{"Phoenix", "AZ", "Phoenix Sky Harbor International", 30},
	{"Pittsburgh", "PA", "Pittsburgh International", 6},
	{"Portland", "OR", "Portland International", 9},
	{"Providence", "RI", "Theodore Francis Green State", 4},
	{"Raleigh/Durham", "NC", "Raleigh-Durham International", 8},
	{"Reno", "NV", "Reno/Tahoe International", 4},
	{"Richmond", "VA", "Richmond International", 4},
	{"Rochester", "NY", "Greater Rochester International", 3},
	{"Sacramento", "CA", "Sacramento International", 8},
	{"Salt Lake City", "UT", "Salt Lake City International", 20},
	{"San Antonio", "TX", "San Antonio International", 7},
	{"San Diego", "CA", "San Diego International", 14},
	{"San Francisco", "CA", "San Francisco International", 22},
	{"San Jose", "CA", "Norman Y. Mineta San Jose International", 8},
	{"San Juan", "PR", "Luis Munoz Marin International", 5},
	{"Santa Ana", "CA", "John Wayne Airport-Orange County", 7},
	{"Seattle", "WA", "Seattle/Tacoma International", 18},
	{"Spokane", "WA", "Spokane International", 3},
	{"St. Louis", "MO", "Lambert-St. Louis International", 10},
	{"Syracuse", "NY", "Syracuse Hancock International", 2},
	{"Tampa", "FL", "Tampa International", 12},
	{"Tucson", "AZ", "Tucson International", 4},
	{"Tulsa", "OK", "Tulsa International", 4},
	{"Washington", "DC", "Ronald Reagan Washington National", 15},
	{"Washington", "DC", "Washington Dulles International", 13},
	{"West Palm Beach", "FL", "Palm Beach International", 5},
	{"Wichita", "KS", "Wichita Mid-Continent", 2},
}

var hubs = func() weighted[int] {
	weights := make([]int, len(airports))
	for i, a := range airports {
		weights[i] = a.weight
	}
	return weigh(weights, func(i int) int { return i })
}()

// airline is a carrier by its code in 2008; weight says how many of the flights are its own.
type airline struct {
	code, name string
	weight     int
}

var airlines = []airline{
	{"WN", "Southwest Airlines Co.", 17},
	{"AA", "American Airlines Inc.", 9},
	{"OO", "SkyWest Airlines Inc.", 8},
	{"MQ", "American Eagle Airlines Inc.", 7},
	{"US", "US Airways Inc.", 6},
	{"DL", "Delta Air Lines Inc.", 6},
	{"UA", "United Air Lines Inc.", 6},
	{"XE", "ExpressJet Airlines Inc.", 5},
	{"NW", "Northwest Airlines Inc.", 5},
	{"CO", "Continental Air Lines Inc.", 4},
	{"EV", "Atlantic Southeast Airlines", 4},
	{"9E", "Pinnacle Airlines Inc.", 4},
	{"FL", "AirTran Airways Corporation", 4},
	{"YV", "Mesa Airlines Inc.", 4},
	{"OH", "Comair Inc.", 3},
	{"B6", "JetBlue Airways", 3},
	{"AS", "Alaska Airlines Inc.", 2},
	{"F9", "Frontier Airlines Inc.", 1},
	{"HA", "Hawaiian Airlines Inc.", 1},
	{"AQ", "Aloha Airlines Inc.", 1},
}

var carriers = func() weighted[string] {
	weights := make([]int, len(airlines))
	for i, a := range airlines {
		weights[i] = a.weight
	}
	return weigh(weights, func(i int) string { return airlines[i].code })
}()

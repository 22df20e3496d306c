CREATE SCHEMA IF NOT EXISTS airlines;
CREATE TABLE IF NOT EXISTS airlines.airports_dim (
  airport_id BIGINT NOT NULL,
  city VARCHAR(100),
  state VARCHAR(100),
  name VARCHAR(200)
);
CREATE TABLE IF NOT EXISTS airlines.daily_flights_fact (
  carrier VARCHAR(10),
  dep_airport VARCHAR(200),
  arr_airport VARCHAR(200),
  dep_city VARCHAR(100),
  arr_city VARCHAR(100),
  dep_state VARCHAR(100),
  arr_state VARCHAR(100),
  dep_delay BIGINT,
  arr_delay BIGINT,
  flight_date DATE NOT NULL,
  source_key VARCHAR(1024) NOT NULL,
  load_id VARCHAR(64) NOT NULL
);
CREATE TABLE IF NOT EXISTS airlines.load_ledger (
  load_id VARCHAR(64) NOT NULL,
  source_key VARCHAR(1024) NOT NULL,
  version VARCHAR(1024) NOT NULL,
  event_time TIMESTAMP NOT NULL,
  status VARCHAR(16) NOT NULL,
  rows_read BIGINT NOT NULL,
  rows_loaded BIGINT NOT NULL,
  rows_rejected BIGINT NOT NULL,
  execution_arn VARCHAR(2048) NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
INSERT INTO airlines.daily_flights_fact (carrier, flight_date, source_key, load_id) VALUES ('AA', '2008-05-01', 'daily-flights/date=2008-05-01/flights.csv', 'id-v1'), ('AA', '2008-05-01', 'daily-flights/date=2008-05-01/flights.csv', 'id-v1');
INSERT INTO airlines.load_ledger (load_id, source_key, version, event_time, status, rows_read, rows_loaded, rows_rejected, execution_arn, loaded_at) VALUES ('id-v0', 'daily-flights/date=2008-05-01/flights.csv', 'v0', '2008-05-02T00:00:00Z', 'superseded', 2, 2, 0, 'arn', '2008-05-02T01:00:00Z');
INSERT INTO airlines.load_ledger (load_id, source_key, version, event_time, status, rows_read, rows_loaded, rows_rejected, execution_arn, loaded_at) VALUES ('id-v1', 'daily-flights/date=2008-05-01/flights.csv', 'v1', '2008-05-02T00:00:00Z', 'loaded', 2, 2, 0, 'arn', '2008-05-02T01:00:00Z');

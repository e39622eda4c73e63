import { ConfigError, type JsonValue, parseJson } from "@bizops/singer";
import { selectStreams } from "./select-streams.ts";

const catalog = parseJson(`{"streams": [
  {"tap_stream_id": "Account", "stream": "Account",
   "schema": {"properties": {"Id": {}, "Name": {}, "Secret": {}, "Big": {"maximum": 12345678901234567890}}},
   "metadata": [
     {"breadcrumb": [], "metadata": {"selected-by-default": true, "table-key-properties": ["Id"]}},
     {"breadcrumb": ["properties", "Secret"], "metadata": {"selected": false}}]},
  {"tap_stream_id": "Lead", "stream": "Lead", "schema": {"properties": {"Id": {}, "Name": {}}}, "metadata": []}
]}`);

/** Streams that are read, with the fields that patterns have decided on. */
function summarise(selected: JsonValue): { [stream: string]: { [field: string]: boolean } } {
  const { streams } = selected as unknown as {
    streams: {
      stream: string;
      metadata: { breadcrumb: string[]; metadata: { selected?: boolean } }[];
    }[];
  };
  return Object.fromEntries(
    streams
      .filter(({ metadata }) =>
        metadata.some((each) => each.breadcrumb.length === 0 && each.metadata.selected),
      )
      .map(({ stream, metadata }) => [
        stream,
        Object.fromEntries(
          metadata.flatMap(({ breadcrumb, metadata: { selected } }) =>
            breadcrumb[1] === undefined || selected === undefined
              ? []
              : [[breadcrumb[1], selected]],
          ),
        ),
      ]),
  );
}

test.each([
  ["a stream by name", [["Lead"]], { Lead: {} }],
  ["streams by pattern", [["*"]], { Account: { Secret: false }, Lead: {} }],
  ["a part of a name", [["*cc*"]], { Account: { Secret: false } }],
  ["all but one", [["*", "!Account"]], { Lead: {} }],
  ["fields by name", [["Lead.Name"]], { Lead: { Id: false, Name: true } }],
  ["all fields but one", [["Lead", "!Lead.Na*"]], { Lead: { Name: false } }],
  [
    "a field that the catalog leaves out stays out",
    [["Account.*"]],
    { Account: { Id: true, Name: true, Secret: false, Big: true } },
  ],
  [
    "what the first list leaves out stays out, whatever the second names",
    [["*", "!Lead.Name"], ["Lead.*"]],
    { Lead: { Id: true, Name: false } },
  ],
  ["a dot is no pattern of its own", [["Lead", "Acc?unt"]], { Lead: {} }],
])("%s", (_, patterns, expected) => {
  expect(summarise(selectStreams(catalog, patterns))).toEqual(expected);
});

test("nothing left to read is an error", () => {
  expect(() => selectStreams(catalog, [["Leads"]])).toThrow(ConfigError);
});

test("the rest of the catalog stays as it was, digit for digit", () => {
  const [account] = (selectStreams(catalog, [["*"]]) as { streams: JsonValue[] }).streams;
  expect(JSON.stringify(account)).toContain('"table-key-properties":["Id"]');
  expect(
    String(
      (account as never as { schema: { properties: { Big: { maximum: object } } } }).schema
        .properties.Big.maximum,
    ),
  ).toBe("12345678901234567890");
});

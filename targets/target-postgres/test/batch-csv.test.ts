/** BATCH: rows that come in files of CSV. */
import { batch, shape, useBatchFiles } from "./use-batch-files.ts";
import { lines, schema, state, useTarget } from "./use-target.ts";

const { database, target } = useTarget();
const { file } = useBatchFiles();

describe("files of CSV", () => {
  const csv = { format: "csv" };

  test("[TGT-20] cells become values by the stream's schema", async () => {
    const properties = {
      id: { type: "integer" },
      "a name": { type: ["string", "null"] },
      amount: { type: ["number", "null"] },
      flag: { type: ["boolean", "null"] },
      at: { type: ["string", "null"], format: "date-time" },
      list: { type: ["array", "null"] },
      thing: { type: ["object", "null"] },
      big: { type: ["integer", "null"] },
    };
    const content = [
      "\ufeffid,a name,amount,flag,at,list,thing,big",
      '1,"a ""quoted""\r\nname, ü 😀",0.1000000000000000055511151231257827,True,2024-01-02T03:04:05Z,"[1, ""x""]","{""n"": 12345678901234567890}",12345678901234567890',
      "",
      "2,,,,,,,",
      '3,"",1e2,f,,[],{},-7',
    ];
    const { code, stderr } = await target(
      lines(
        schema("cells", properties),
        batch("cells", [file("cells.csv.gz", content.join("\r\n"))], csv),
      ),
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(
      await database.query(
        `SELECT id::int, "a name", amount::text, flag, at::timestamptz(0) AT TIME ZONE 'UTC' = '2024-01-02 03:04:05' AS at,
                list, thing::text, big::text FROM cells ORDER BY cells.id`,
      ),
    ).toEqual([
      {
        id: 1,
        "a name": 'a "quoted"\r\nname, ü 😀',
        amount: "0.1000000000000000055511151231257827",
        flag: true,
        at: true,
        list: [1, "x"],
        thing: '{"n": 12345678901234567890}',
        big: "12345678901234567890",
      },
      {
        id: 2,
        "a name": null,
        amount: null,
        flag: null,
        at: null,
        list: null,
        thing: null,
        big: null,
      },
      {
        id: 3,
        "a name": "",
        amount: "100",
        flag: false,
        at: null,
        list: [],
        thing: "{}",
        big: "-7",
      },
    ]);
  });

  test("another delimiter; a column that is a file's alone is left out", async () => {
    const { code } = await target(
      lines(
        schema("tabs", shape),
        batch("tabs", [file("a.csv", "text\tid\n1,5\t1\n"), file("b.csv", "id\tmore\n2\tx\n")], {
          ...csv,
          compression: null,
          delimiter: "\t",
          header: true,
        }),
      ),
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT id::int, text FROM tabs ORDER BY id")).toEqual([
      { id: 1, text: "1,5" },
      { id: 2, text: null },
    ]);
  });

  test("a cell that is not what its column holds makes a rejected row", async () => {
    const content = "id,amount\n1,1.5\n2,secret\n007,1\n3,2\n";
    const { code, stderr } = await target(
      lines(schema("unfit", shape), batch("unfit", [file("unfit.csv.gz", content)], csv)),
      { TARGET_POSTGRES_MAX_REJECTED: "2" },
    );
    expect(code).toBe(0);
    expect(stderr).not.toContain("secret");
    expect(await database.query("SELECT id::int FROM unfit ORDER BY id")).toEqual([
      { id: 1 },
      { id: 3 },
    ]);
    expect(
      await database.query("SELECT reason FROM _rejected WHERE stream = 'unfit' ORDER BY reason"),
    ).toEqual([
      { reason: "amount is not of type number or null" },
      { reason: "id is not of type integer" },
    ]);
  });

  test("a file much larger than a segment is loaded in several transactions", async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => `${id},${"x".repeat(50)}\n`);
    const { code } = await target(
      lines(
        schema("long", shape),
        batch("long", [file("long.csv.gz", `id,text\n${rows.join("")}`)], csv),
      ),
      { TARGET_POSTGRES_BATCH_SIZE_BYTES: "100000" },
    );
    expect(code).toBe(0);
    const [found] = await database.query<{ rows: number; transactions: number }>(
      "SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS transactions FROM long",
    );
    expect(found!.rows).toBe(20_000);
    expect(found!.transactions).toBeGreaterThan(4);
  });

  test.each([
    ["a quote within a cell", 'id,text\n1,a\n2,se"cret"\n', /line 3 is not valid CSV/],
    ["text behind a quoted cell", 'id,text\n1,a\n2,"b"secret\n3,c\n', /line 3 is not valid CSV/],
    ["open quotes", 'id,text\n1,a\n2,"secret\n3,c\n', /quotes opened in line 3 are not closed/],
    ["a cell too many", 'id,text\r\n1,"\r\n"\r\n2,b,secret\r\n3,c\r\n', /line 4 has 3 cells/],
    [
      "a long row",
      `id,text\n1,a\n2,${"secret".repeat(1000)}\n`,
      /line 3 is longer than 2000 bytes/,
    ],
  ])("%s: the line is named, the rows before it are committed", async (_, content, message) => {
    await database.query("DROP TABLE IF EXISTS bad");
    const { code, stdout, stderr } = await target(
      lines(
        schema("bad", shape),
        state(1),
        batch("bad", [file("bad.csv.gz", content)], csv),
        state(2),
      ),
      { TARGET_POSTGRES_MAX_LINE_BYTES: "2000" },
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: "1\n" });
    expect(stderr).toMatch(/bad\.csv\.gz: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("secret");
    expect(await database.query("SELECT id::int FROM bad")).toEqual([{ id: 1 }]);
  });

  test.each([
    ["nothing", "", /the file has no header row/],
    ["a column without name", "id,,text\n1,a,b\n", /column 2 has no name/],
    ["a column given twice", "id,text,id\n1,a,2\n", /column 3 has the name of another/],
    ["open quotes", '"id,text\n1,a\n', /the quotes opened in line 1 are not closed/],
  ])("a header with %s is refused", async (_, content, message) => {
    const { code, stderr } = await target(
      lines(schema("headless", shape), batch("headless", [file("h.csv.gz", content)], csv)),
    );
    expect(code).toBe(5);
    expect(stderr).toMatch(/h\.csv\.gz: /);
    expect(stderr).toMatch(message);
  });
});

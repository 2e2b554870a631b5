import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { protoNames, typeNames, xmlNames } from "../../src/contract/names.js";
import { isReservedWord } from "../../src/contract/reserved-words.js";

test("XML names read like the source names", () => {
  const names = xmlNames();
  const given = ["annual_income", "AnnualDebt", "FICO", "years-at-address", "ćma 1", "2nd_income"].map(
    (name) => names.give(name, "column1"),
  );
  assert.deepEqual(given, [
    "annualIncome",
    "annualDebt",
    "fico",
    "yearsAtAddress",
    "cma1",
    "column12ndIncome",
  ]);
});

test("reserved words of COBOL, Java and C# are not names", () => {
  const names = xmlNames();
  assert.deepEqual(
    ["class", "DATE", "status", "namespace"].map((name) => names.give(name, "x")),
    ["classField", "dateField", "statusField", "namespaceField"],
  );
});

test("proto names that would not compile in Java or Go are not names of fields", () => {
  const names = protoNames();
  assert.deepEqual(
    ["descriptor", "default_instance", "bitField0", "protoReflect", "tags", "tags_or_builder"].map((name) =>
      names.give(name, "x"),
    ),
    [
      "descriptor_field",
      "default_instance_field",
      "bit_field0_field",
      "proto_reflect_field",
      "tags",
      "tags_or_builder_field",
    ],
  );
});

test("types that generated code knows already are not names of types, and no list is called ArrayOf", () => {
  const names = typeNames();
  assert.deepEqual(
    ["string", "Object", "ObjectFactory", "system", "array of names", "QName"].map((name) =>
      names.give(name, "x"),
    ),
    ["StringType", "ObjectType", "ObjectFactoryType", "SystemType", "ListOfNames", "QName"],
  );
});

test("names that a compiler would take for one are told apart, in the order they came", () => {
  const xml = xmlNames();
  assert.deepEqual(
    ["a_b", "aB", "A B", "average_monthly_balance_1", "average_monthly_balance_2"].map((name) =>
      xml.give(name, "x"),
    ),
    ["aB", "aB2", "aB3", "averageMonthlyBalance1", "averageMonthlyBalance2"],
  );
  assert.deepEqual(
    ["average_monthly_balance_of_cards", "average_monthly_balance_of_loans"].map((name) =>
      xml.give(name, "x"),
    ),
    ["averageMonthlyBalanceOfCards", "averageMonthlyBalanceO2"],
  );
  const proto = protoNames();
  assert.deepEqual(
    ["a_b", "aB", "ab"].map((name) => proto.give(name, "x")),
    ["a_b", "a_b2", "ab3"],
  );
});

test("a name of which nothing can be kept gets the fallback", () => {
  assert.equal(xmlNames().give("收入", "column7"), "column7");
  assert.equal(protoNames().give("доход", "column7"), "column7");
  assert.equal(typeNames().give("!!!", "Table1"), "Table1");
});

test("whatever the sources, names are valid, unique and the same every time", () => {
  const sources = fc.array(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("a_b", "aB", "class", "__proto__")),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(sources, (wishes) => {
      const give = (): string[][] => {
        const [xml, proto, types] = [xmlNames(), protoNames(), typeNames()];
        return wishes.map((wish, index) => {
          const fallback = `column${index + 1}`;
          return [xml.give(wish, fallback), proto.give(wish, fallback), types.give(wish, fallback)];
        });
      };
      const names = give();
      assert.deepEqual(give(), names);
      for (const [xml = "", proto = "", type = ""] of names) {
        assert.match(xml, /^[a-z][A-Za-z0-9]*$/);
        assert.match(proto, /^[a-z][a-z0-9_]*$/);
        assert.match(type, /^[A-Z][A-Za-z0-9]*$/);
        assert.ok(!isReservedWord(xml), xml);
      }
      const unique = (keys: string[]): void =>
        assert.equal(new Set(keys).size, wishes.length, keys.join(" "));
      unique(names.map(([xml = ""]) => xml.slice(0, 23).toLowerCase()));
      unique(names.map(([, proto = ""]) => proto.replace(/_/g, "")));
      unique(names.map(([, , type = ""]) => type.toLowerCase()));
    }),
    { seed: 11, numRuns: 500 },
  );
});

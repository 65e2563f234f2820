// What the content of the codes says, as rows of a table: section, what, value, date. Nothing is judged and nothing left out: a
// resource nobody knows is shown with its type.

const TITLES = {
  AllergyIntolerance: "アレルギー・禁忌 / Allergies",
  MedicationStatement: "薬 / Medicines",
  MedicationRequest: "薬 / Medicines",
  MedicationDispense: "薬 / Medicines",
  MedicationAdministration: "薬 / Medicines",
  Condition: "病名 / Conditions",
  Immunization: "予防接種 / Vaccinations",
  Procedure: "手術・処置 / Procedures",
  Observation: "検査・測定 / Results",
  DiagnosticReport: "検査報告 / Reports",
};
const AROUND = new Set(["Composition", "Patient", "Organization", "Practitioner", "PractitionerRole", "Provenance", "Medication", "Bundle"]);

/** `{title, person, notes, rows}` of a content. */
export function tableOf(content) {
  return content.kind === "jahis" ? ofNotebook(content.rows) : ofBundle(content.document);
}

function ofBundle(bundle) {
  const entries = Array.isArray(bundle?.entry) ? bundle.entry : [];
  const byAddress = new Map(entries.map((entry) => [entry?.fullUrl, entry?.resource]));
  const resources = entries.map((entry) => entry?.resource).filter((resource) => resource?.resourceType);
  const patient = resources.find((resource) => resource.resourceType === "Patient");
  const composition = resources.find((resource) => resource.resourceType === "Composition");
  const rows = resources.filter((resource) => !AROUND.has(resource.resourceType)).map((resource) => rowOf(resource, byAddress));
  rows.sort((one, other) => order(one) - order(other) || other[3].localeCompare(one[3]));
  return {
    title: text(composition?.title) || "健康記録の要約 / Patient summary",
    person: personOf(patient),
    notes: text(composition?.date) ? [`作成 / made: ${text(composition.date)}`] : [],
    rows,
  };
}

const order = (row) => {
  const place = [...new Set(Object.values(TITLES))].indexOf(row[0]);
  return place < 0 ? 99 : place;
};

function personOf(patient) {
  const name = list(patient?.name)[0];
  const called = text(name?.text) || [text(name?.family), ...list(name?.given).map(text)].filter(Boolean).join(" ");
  return [called, text(patient?.birthDate), text(patient?.gender)].filter(Boolean).join("　");
}

function rowOf(resource, byAddress) {
  const title = TITLES[resource.resourceType] ?? resource.resourceType;
  const medicine = byAddress.get(resource.medicationReference?.reference);
  const what = concept(resource.code ?? resource.vaccineCode ?? resource.medicationCodeableConcept ?? medicine?.code);
  const dose = list(resource.protocolApplied)[0];
  const value = [
    valueOf(resource),
    ...list(resource.component).map((part) => `${concept(part.code)} ${valueOf(part)}`),
    ...list(resource.dosage ?? resource.dosageInstruction).map((dosage) => text(dosage?.text)),
    text(dose?.doseNumberPositiveInt ?? dose?.doseNumberString) && `${dose.doseNumberPositiveInt ?? dose.doseNumberString}回目`,
    text(resource.lotNumber) && `Lot ${text(resource.lotNumber)}`,
    ...list(resource.reaction).flatMap((reaction) => list(reaction?.manifestation).map(concept)),
    concept(resource.clinicalStatus),
    resource.resourceType === "Observation" ? "" : text(resource.status),
    ...list(resource.note).map((note) => text(note?.text)),
  ];
  const day =
    resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.occurrenceDateTime ?? resource.onsetDateTime ??
    resource.performedDateTime ?? resource.authoredOn ?? resource.whenHandedOver ?? resource.recordedDate ?? resource.issued;
  return [title, what || "（名前なし / unnamed）", value.filter(Boolean).join("、"), text(day).slice(0, 10)];
}

function valueOf(holder) {
  const quantity = holder?.valueQuantity;
  if (quantity) return `${text(quantity.comparator)}${text(quantity.value)} ${text(quantity.unit) || text(quantity.code)}`.trim();
  if (holder?.valueCodeableConcept) return concept(holder.valueCodeableConcept);
  const plain = holder?.valueString ?? holder?.valueInteger ?? holder?.valueDateTime ?? holder?.valueBoolean;
  return plain === undefined ? concept(holder?.dataAbsentReason) : text(plain);
}

function concept(value) {
  if (!value) return "";
  const codings = list(value.coding);
  return text(value.text) || codings.map((coding) => text(coding?.display)).find(Boolean) || text(codings[0]?.code);
}

/** Lines of a notebook: the medicines with what belongs to them, and every other record as it is. */
function ofNotebook(lines) {
  const fields = lines.map((line) => line.split(","));
  const patient = fields.find((row) => row[0] === "1") ?? [];
  let day = "";
  let place = "";
  const rows = [];
  const usage = new Map();
  fields.forEach((row) => {
    if (row[0] === "5") {
      day = dated(row[1]);
      place = "";
      usage.clear();
    } else if (row[0] === "11") place = text(row[1]);
    else if (row[0] === "201") {
      const medicine = ["薬 / Medicines", text(row[2]), [`${text(row[3])}${text(row[4])}`, place].filter(Boolean).join("、"), day];
      rows.push(medicine);
      usage.set(row[1], [...(usage.get(row[1]) ?? []), medicine]);
    } else if (row[0] === "301") {
      const how = `${text(row[2])} ${text(row[3])}${text(row[4])}`.trim();
      (usage.get(row[1]) ?? []).forEach((medicine) => (medicine[2] = `${how}、${medicine[2]}`));
    } else if (row[0] === "3") rows.push(["薬 / Medicines", text(row[1]), "市販薬 / bought", dated(row[2])]);
    else if (row[0] === "2") rows.push(["アレルギー・禁忌など / Allergies and others", text(row[2]), "", ""]);
    else if (!["1", ""].includes(row[0]) && !row[0].startsWith("JAHISTC")) {
      rows.push([`記録 / record ${row[0]}`, row.slice(1).filter(Boolean).join(" "), "", day]);
    }
  });
  return { title: "お薬手帳 / Medicine notebook", person: [text(patient[1]), dated(patient[3])].filter(Boolean).join("　"), notes: [], rows };
}

function dated(digits) {
  return /^\d{8}$/.test(digits ?? "") ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` : text(digits);
}

/** A table as CSV (RFC 4180) with a byte order mark. What a spreadsheet would run as a formula is marked as text. */
export function csv(rows) {
  const cell = (value) => {
    const safe = /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = ["区分 / section", "内容 / what", "値 / value", "日付 / date"];
  return `\uFEFF${[head, ...rows].map((row) => row.map((value) => cell(text(value))).join(",")).join("\r\n")}\r\n`;
}

const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
const text = (value) => (["string", "number", "boolean"].includes(typeof value) ? String(value) : "");

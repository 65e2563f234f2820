// Asks kill-the-clipboard: opens sealed files, reads links, verifies cards. One answer for each question, as JSON.
import { readFileSync } from "node:fs";
import { decryptSHLFile, JWSProcessor, SHL } from "kill-the-clipboard";

async function answer(question) {
  if (question.open) {
    const { content, contentType } = await decryptSHLFile({ jwe: question.open, key: question.key });
    return { content, contentType };
  }
  if (question.link) {
    const { url, key, flag, label, exp } = SHL.parse(question.link).payload;
    return { url, key, flag, label, exp };
  }
  const cards = new JWSProcessor();
  const kid = JSON.parse(Buffer.from(question.card.split(".")[0], "base64url").toString()).kid;
  const key = question.jwks.keys.find((one) => one.kid === kid);
  const payload = await cards.verify(question.card, key);
  return { verdict: "good", bundle: payload.vc.credentialSubject.fhirBundle };
}

const answers = [];
for (const question of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  try {
    answers.push(await answer(question));
  } catch (error) {
    answers.push({ error: String(error.code ?? error.name ?? error), verdict: "bad" });
  }
}
process.stdout.write(JSON.stringify(answers));

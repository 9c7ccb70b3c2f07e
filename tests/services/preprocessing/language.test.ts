import { expect } from "chai";

import { detectLanguage } from "../../../services/preprocessing/language.ts";

describe("services/preprocessing/language", () => {
  const cases: readonly (readonly [text: string, language: string])[] = [
    ["Just bought more BTC, this dip is a gift", "en"],
    ["Solana outage again. Validators down for three hours", "en"],
    ["THE NETWORK IS DOWN AND NOBODY SAYS WHY", "en"],
    ["Bitcoin sube otra vez, creo que llegará a cien mil dólares", "es"],
    ["Bitcoin fällt schon wieder, ich verkaufe alles", "de"],
    ["Le bitcoin s'effondre, que faire maintenant ?", "fr"],
    ["Bitcoin vai subir muito esse ano, não vendam", "pt"],
    ["ビットコインがまた上がった", "ja"],
    ["比特币又涨了", "zh"],
    ["Биткоин снова упал, что делать", "ru"],
    ["비트코인 또 올랐다", "ko"],
  ];
  for (const [text, language] of cases) {
    it(`knows ${language}: ${text}`, () => expect(detectLanguage(text, null)).to.equal(language));
  }

  it("believes the text more than the source", () => {
    expect(detectLanguage("Bitcoin fällt schon wieder, ich verkaufe alles", "en")).to.equal("de");
  });

  it("believes the source where the text is too short to say, and else says that it can't tell", () => {
    expect(detectLanguage("hodl", "es")).to.equal("es");
    expect(detectLanguage("$BTC #ETH 🚀🚀 100%", null)).to.equal("und");
    expect(detectLanguage("", null)).to.equal("und");
  });
});

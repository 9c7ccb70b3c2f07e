/** The coins that we follow, and how people call them. */

export interface Coin {
  readonly symbol: string;
  /** Names that mean nothing else, in lower case. */
  readonly names: readonly string[];
  /** Names that are words of their own, or of another trade: they count with evidence only. */
  readonly vagueNames: readonly string[];
  /** Whether the ticker itself is a word or somebody's name: LINK, ONE, ADA. */
  readonly vagueTicker: boolean;
}

/** Ticker | names | names that need evidence. A ticker with a question mark needs it too. */
const TABLE = `
  BTC    | bitcoin, bitcoins, btcusd, xbt  |
  ETH    | ethereum                        | ether
  USDT   |                                 | tether
  XRP    |                                 | ripple
  BNB?   | binance coin, bnb chain         |
  SOL?   | solana                          |
  USDC   | usd coin                        |
  DOGE   | dogecoin                        |
  ADA?   | cardano                         |
  TRX    | tronix                          | tron
  TON?   | toncoin                         |
  LINK?  | chainlink                       |
  AVAX   |                                 | avalanche
  SHIB   | shiba inu, shiba coin           | shiba
  DOT?   | polkadot                        |
  XLM    | stellar lumens                  | stellar, lumens
  SUI?   | sui network                     |
  BCH    | bitcoin cash                    |
  HBAR   | hedera hashgraph                | hedera
  LTC    | litecoin                        |
  UNI?   | uniswap                         |
  PEPE?  | pepecoin                        |
  NEAR?  | near protocol                   |
  APT?   | aptos                           |
  ICP?   | internet computer, dfinity      |
  ETC?   | ethereum classic                |
  POL?   | polygon ecosystem               | polygon
  MATIC  |                                 |
  XMR    | monero                          |
  ATOM?  | cosmos hub                      | cosmos
  VET?   | vechain                         |
  FIL?   | filecoin                        |
  ARB?   | arbitrum                        |
  OP?    |                                 | optimism
  INJ    |                                 | injective
  ALGO?  | algorand                        |
  AAVE   |                                 |
  MKR    | makerdao                        | maker
  GRT?   | graph protocol                  | the graph
  RENDER?| render network, render token    |
  RNDR   |                                 |
  FTM    |                                 | fantom
  STX?   |                                 | stacks
  IMX    | immutable x                     | immutable
  TIA?   |                                 | celestia
  SEI?   | sei network                     |
  EOS?   |                                 |
  XTZ    | tezos                           |
  FLOW?  | flow blockchain                 |
  SAND?  | sandbox game                    | the sandbox
  MANA?  | decentraland                    |
  AXS    | axie infinity                   |
  CRV    | curve finance, curve dao        |
  LDO    | lido dao, lido finance          | lido
  ZEC    | zcash                           |
  DASH?  | dashcoin                        |
  ONE?   | harmony one                     | harmony
  BONK?  |                                 |
  WIF?   | dogwifhat                       |
  FLOKI  |                                 |
  COMP?  | compound finance                | compound
  SNX    |                                 | synthetix
  QNT?   |                                 | quant
  KAS?   | kaspa                           |
`;

function readRow(row: string): Coin {
  const [ticker = "", names = "", vague = ""] = row.split("|").map((cell) => cell.trim());
  const list = (cell: string): string[] => cell.split(",").flatMap((name) => name.trim() || []);
  return {
    symbol: ticker.replace("?", ""),
    names: list(names),
    vagueNames: list(vague),
    vagueTicker: ticker.endsWith("?"),
  };
}

export const COINS: readonly Coin[] = TABLE.trim().split("\n").map(readRow);

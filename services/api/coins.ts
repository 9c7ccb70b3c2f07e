/** The coins that we follow, by the names that people read. */

export interface Coin {
  readonly symbol: string;
  readonly name: string;
}

/** The same symbols as those that posts are searched for; a contract test holds the two together. */
const TABLE = `
  BTC Bitcoin
  ETH Ethereum
  USDT Tether
  XRP XRP
  BNB BNB
  SOL Solana
  USDC USD Coin
  DOGE Dogecoin
  ADA Cardano
  TRX TRON
  TON Toncoin
  LINK Chainlink
  AVAX Avalanche
  SHIB Shiba Inu
  DOT Polkadot
  XLM Stellar
  SUI Sui
  BCH Bitcoin Cash
  HBAR Hedera
  LTC Litecoin
  UNI Uniswap
  PEPE Pepe
  NEAR NEAR Protocol
  APT Aptos
  ICP Internet Computer
  ETC Ethereum Classic
  POL Polygon
  MATIC Polygon (MATIC)
  XMR Monero
  ATOM Cosmos
  VET VeChain
  FIL Filecoin
  ARB Arbitrum
  OP Optimism
  INJ Injective
  ALGO Algorand
  AAVE Aave
  MKR Maker
  GRT The Graph
  RENDER Render
  RNDR Render (RNDR)
  FTM Fantom
  STX Stacks
  IMX Immutable
  TIA Celestia
  SEI Sei
  EOS EOS
  XTZ Tezos
  FLOW Flow
  SAND The Sandbox
  MANA Decentraland
  AXS Axie Infinity
  CRV Curve DAO
  LDO Lido DAO
  ZEC Zcash
  DASH Dash
  ONE Harmony
  BONK Bonk
  WIF dogwifhat
  FLOKI FLOKI
  COMP Compound
  SNX Synthetix
  QNT Quant
  KAS Kaspa
`;

export const COINS: readonly Coin[] = TABLE.trim()
  .split("\n")
  .map((row) => {
    const [symbol = "", ...name] = row.trim().split(" ");
    return { symbol, name: name.join(" ") };
  });

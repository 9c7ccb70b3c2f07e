/** The pack, as the engine starts it: one in each process, so this file makes it and does nothing else. */
import { PolicyPack } from "@pulumi/policy";
import { packOf } from "./framework/pack.ts";
import { rules } from "./rules.ts";

new PolicyPack("cryptotracker", packOf(rules));

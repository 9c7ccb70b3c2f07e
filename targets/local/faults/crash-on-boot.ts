/** Preload: ends the process before the service has begun. */
console.error(JSON.stringify({ level: "fatal", msg: "fault crash-on-boot: the process ends before it listens" }));
process.exit(1);

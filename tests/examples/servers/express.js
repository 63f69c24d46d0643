import { toNodeHandler } from "hatchet-scheduled/server";
import express from "express";
import { scheduled } from "./scheduled.js";

const app = express();
app.use(express.json({ limit: "5mb" }));
app.use("/api/scheduled", toNodeHandler(scheduled));
const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));

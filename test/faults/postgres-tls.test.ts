import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { giveToServer } from "../../scripts/postgres/folders.ts";
import { connect } from "../../scripts/postgres/roles.ts";
import { type PostgresOptions, postgres } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { describeWithServer } from "./postgres-server.ts";

/** A certificate of the server's own for 127.0.0.1, and the key to it, where the server looks for them. */
const makeCertificate = (data: string): string[] => {
  const files = [join(data, "server.crt"), join(data, "server.key")];
  const [certificate = "", key = ""] = files;
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"];
  const place = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate];
  execFileSync("openssl", [...words, ...place], { stdio: "ignore" });
  return files;
};

describeWithServer("TLS to PostgreSQL", ({ server }) => {
  let certificate = "";

  beforeAll(async () => {
    const { folder, adminUrl, record, restart } = server();
    for (const file of makeCertificate(join(folder, "data"))) {
      chmodSync(file, 0o600);
      giveToServer(record.cluster.installation.root, file);
    }
    certificate = readFileSync(join(folder, "data/server.crt"), "utf8");
    await connect(adminUrl, async (client) => void (await client.query("ALTER SYSTEM SET ssl = on")));
    await restart("fast");
  });

  const open = (options: PostgresOptions) =>
    openContextbase({ engine: postgres({ url: server().appUrl, ...options }), components: [Anything] });

  it("[G8] a certificate that is trusted encrypts the way, for reads, writes and watching", async () => {
    const base = await open({ tls: { ca: certificate } });
    const store = base.store(Anything);
    const { value } = await Promise.all([
      base.watch()[Symbol.asyncIterator]().next(),
      store.storeContext({ id: "a", type: "note", content: {} }),
    ]).then(([told]) => told);
    expect(value?.id).toBe("a");
    await connect(server().adminUrl, async (client) => {
      const { rows } = await client.query(
        `SELECT DISTINCT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
         WHERE a.application_name = 'contextbase'`,
      );
      expect(rows).toEqual([{ ssl: true }]);
    });
    await base.close();
  });

  it("[G8] the option says what TLS there is, whatever the url says", async () => {
    for (const said of ["sslmode=disable", "sslmode=no-verify", "sslmode=require"]) {
      const url = `${server().appUrl}?${said}`;
      await expect(open({ url, tls: true }), said).rejects.toMatchObject({ code: "storage_unavailable" });
      const base = await open({ url, tls: { ca: certificate } });
      await base.close();
    }
    await expect(open({ url: `${server().appUrl}?sslmode=require` })).rejects.toMatchObject({
      code: "storage_unavailable",
    });
  });

  it("[G8] a certificate that is not trusted is refused by name, at once", async () => {
    await expect(open({ tls: true })).rejects.toMatchObject({ code: "storage_unavailable" });
  });
});

import { describe, expect, it } from "vitest";
import { findMirror, readLines, readParagraphs } from "../../scripts/postgres/apt-mirror.ts";

const paragraphs = `# The archive
Types: deb deb-src
# URIs: http://commented.example/debian
URIs: http://mirror.example/debian
Suites: bookworm
  bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
`;

describe("the mirror of this machine", () => {
  it("is read from paragraphs, over comments and folded lines", () => {
    expect(findMirror("bookworm", readParagraphs(paragraphs))).toBe("http://mirror.example/debian");
  });

  it("is read from lines, with options and without", () => {
    const lines = `deb http://security.example/debian-security bookworm-security main
# deb http://commented.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb [arch=amd64 signed-by=/a/key.gpg] https://mirror.example/debian bookworm main # the nearest
`;
    expect(findMirror("bookworm", readLines(lines))).toBe("https://mirror.example/debian");
  });

  it("is not a repository of somebody else, one that is disabled, or a disc", () => {
    const others = `deb https://download.example/linux/debian bookworm stable
deb https://apt.example/pgdg bookworm-pgdg main
deb cdrom:[Debian]/ bookworm main
`;
    const disabled =
      "Types: deb\nEnabled: no\nURIs: http://off.example\nSuites: bookworm\nComponents: main\n";
    expect(findMirror("bookworm", [...readLines(others), ...readParagraphs(disabled)])).toBeUndefined();
  });
});

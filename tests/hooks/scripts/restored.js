// What an app can do from its own code: put a function back as its library has it on the disk.
const libc = Process.enumerateModules().find((m) => m.name.startsWith("libc.so"));
const at = libc.getExportByName("getenv");
const size = 16, from = at.sub(libc.base).toUInt32();
const clean = new Uint8Array(File.readAllBytes(libc.path)).slice(from, from + size);
const is = new Uint8Array(at.readByteArray(size));
rpc.exports = {
  restore: () => {
    Memory.patchCode(at, size, (code) => code.writeByteArray(clean.buffer));
    return is.some((byte, i) => byte !== clean[i]);
  },
};

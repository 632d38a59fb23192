// What another library that hooks the same function does: a jump to its own code, which calls what it moved away, or
// does not.
const libc = Process.enumerateModules().find((m) => m.name.startsWith("libc.so"));
const at = libc.getExportByName("getenv");
const x64 = Process.arch === "x64";
const Writer = x64 ? X86Writer : Arm64Writer, Relocator = x64 ? X86Relocator : Arm64Relocator;
const jump = x64 ? 5 : 4;
const near = Memory.alloc(Process.pageSize, { near: at, maxDistance: x64 ? 0x7fff0000 : 0x7ff0000 });
const onward = Memory.alloc(8);
let was = null, code = null;
rpc.exports = {
  beside: (passes) => {
    was = at.readByteArray(jump);
    let end = 0;
    Memory.patchCode(near, 256, (to) => {
      const writer = new Writer(to, { pc: near }), moved = new Relocator(at, writer);
      let size = 0;
      while (size < jump) {
        size = moved.readOne();
      }
      moved.writeAll();
      if (!moved.eoi) {
        x64 ? writer.putJmpAddress(at.add(size)) : writer.putBranchAddress(at.add(size));
      }
      end = (writer.offset + 15) & ~15;
      writer.flush();
    });
    onward.writePointer(near);
    code = new CModule(`
      extern char * (*onward) (const char *);
      extern int calls;
      char * beside (const char * name) { calls++; return ${passes ? "onward (name)" : "0"}; }
    `, { onward, calls: (globalThis.calls = Memory.alloc(8)) });
    Memory.patchCode(near.add(end), 64, (to) => {
      const writer = new Writer(to, { pc: near.add(end) });
      if (x64) {
        writer.putJmpAddress(code.beside);
      } else {
        writer.putLdrRegAddress("x16", code.beside);
        writer.putBrRegNoAuth("x16");
      }
      writer.flush();
    });
    Memory.patchCode(at, jump, (to) => {
      const writer = new Writer(to, { pc: at });
      x64 ? writer.putJmpAddress(near.add(end)) : writer.putBImm(near.add(end));
      writer.flush();
    });
  },
  undo: () => Memory.patchCode(at, jump, (to) => to.writeByteArray(was)),
  call: () => new NativeFunction(at, "pointer", ["pointer"])(Memory.allocUtf8String("HOME")).readUtf8String(),
  calls: () => calls.readS32(),
};

// What an app can do from its own code: close the files that it did not open.
const close = new NativeFunction(Module.getGlobalExportByName("close"), "int", ["int"]);
rpc.exports = { cut: () => { for (let i = 3; i < 400; i++) close(i); } };

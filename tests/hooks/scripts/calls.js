// Another observer in the process tells when functions are called.
const libc = Process.enumerateModules().find((m) => m.name.startsWith("libc.so"));
for (const name of ["inet_addr", "inet_ntoa"]) {
  Interceptor.attach(libc.getExportByName(name), { onEnter: () => send(name) });
}

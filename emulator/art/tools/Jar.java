// Jar in, jar out. Takes out of class files what D8 3.3 or ART does not want (permitted subclasses, record marks,
// CovariantReturnType, a version after 17), and with a third and fourth argument moves a package: Jar in out com/ibm/icu android/icu
// With "framework" as third it also fits the project's stand-in framework to ART: Process.getElapsedCpuTime is native
// (Frida's bridge looks there), 127.0.0.1 is the loopback, and the folder of trusted certificates goes to artbed.Tls.
import java.io.*;
import java.util.*;
import java.util.zip.*;
import org.objectweb.asm.*;
import org.objectweb.asm.commons.*;

public class Jar {
  static String from, to;

  static String move(String s) {
    if (from == null) return s;
    return s.replace(from, to).replace(from.replace('/', '.'), to.replace('/', '.'));
  }

  public static void main(String[] a) throws Exception {
    boolean framework = a.length == 3;
    if (a.length > 3) { from = a[2]; to = a[3]; }
    try (ZipFile z = new ZipFile(a[0]); ZipOutputStream o = new ZipOutputStream(new FileOutputStream(a[1]))) {
      o.setLevel(1);
      for (Enumeration<? extends ZipEntry> e = z.entries(); e.hasMoreElements();) {
        ZipEntry n = e.nextElement();
        if (n.isDirectory() || n.getName().startsWith("META-INF/")) continue;
        byte[] b = z.getInputStream(n).readAllBytes();
        if (n.getName().endsWith(".class")) {
          if (n.getName().equals("module-info.class")) continue;
          ClassWriter w = new ClassWriter(0);
          ClassVisitor v = new Strip(w);
          if (framework) v = new Framework(v);
          if (from != null) v = new ClassRemapper(v, new Remapper() {
            @Override public String map(String s) { return s.startsWith(from) ? to + s.substring(from.length()) : s; }
            @Override public Object mapValue(Object x) { return x instanceof String ? move((String) x) : super.mapValue(x); }
          });
          new ClassReader(b).accept(v, 0);
          b = w.toByteArray();
        }
        o.putNextEntry(new ZipEntry(move(n.getName())));
        o.write(b);
        o.closeEntry();
      }
    }
  }

  static class Strip extends ClassVisitor {
    Strip(ClassVisitor v) { super(Opcodes.ASM9, v); }
    @Override public void visit(int v, int access, String n, String s, String sup, String[] i) {
      super.visit(Math.min(v, Opcodes.V17), access & ~Opcodes.ACC_RECORD, n, s, sup, i);
    }
    @Override public MethodVisitor visitMethod(int access, String n, String d, String s, String[] x) {
      return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, n, d, s, x)) {
        int parameters;
        @Override public void visitParameter(String name, int access2) {  // nameless ones by javac 21, which D8 dies of
          super.visitParameter(name == null ? "arg" + parameters : name, access2);
          parameters++;
        }
        @Override public AnnotationVisitor visitAnnotation(String d2, boolean v) {
          return d2.contains("CovariantReturnType") ? null : super.visitAnnotation(d2, v);
        }
      };
    }
    @Override public void visitPermittedSubclass(String s) {}
    @Override public RecordComponentVisitor visitRecordComponent(String n, String d, String s) { return null; }
  }

  static class Framework extends ClassVisitor {
    private String name;

    Framework(ClassVisitor v) { super(Opcodes.ASM9, v); }
    @Override public void visit(int v, int access, String n, String s, String sup, String[] i) {
      super.visit(v, access, name = n, s, sup, i);
    }
    @Override public MethodVisitor visitMethod(int access, String n, String d, String s, String[] x) {
      if (name.equals("android/os/Process") && n.equals("getElapsedCpuTime")) {
        super.visitMethod(access | Opcodes.ACC_FINAL | Opcodes.ACC_NATIVE, n, d, s, x).visitEnd();
        return null;
      }
      if (name.equals("standin/Net") && n.equals("trust")) {
        MethodVisitor m = super.visitMethod(access, n, d, s, x);
        m.visitCode();
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitMethodInsn(Opcodes.INVOKESTATIC, "artbed/Tls", "trust", "(Ljava/lang/String;)V", false);
        m.visitInsn(Opcodes.RETURN);
        m.visitMaxs(1, 1);
        m.visitEnd();
        return null;
      }
      return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, n, d, s, x)) {
        @Override public void visitMethodInsn(int op, String owner, String n2, String d2, boolean i) {
          boolean loopback = owner.equals("java/net/InetAddress") && n2.equals("getLoopbackAddress");
          super.visitMethodInsn(op, loopback ? "artbed/Loopback" : owner, n2, d2, i);
        }
      };
    }
  }
}

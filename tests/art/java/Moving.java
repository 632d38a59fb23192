/** Collects garbage all the time: a class that was just loaded is moved at once. */
public class Moving {
  public static void main(String[] words) throws Exception {
    for (int i = 0; i != 2; i++) {
      Thread collects = new Thread(() -> { while (true) Runtime.getRuntime().gc(); });
      collects.setDaemon(true);
      collects.start();
    }
    System.out.println("ready");
    System.in.read();
    System.out.println("done: 3");
    System.exit(0);
  }
}

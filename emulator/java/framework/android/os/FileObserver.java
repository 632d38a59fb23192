package android.os;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/** Tells of files that appear in a folder, change or disappear, on a thread of its own; of accesses it tells nothing. */
public abstract class FileObserver {
    public static final int ACCESS = 0x1, MODIFY = 0x2, ATTRIB = 0x4, CLOSE_WRITE = 0x8, CLOSE_NOWRITE = 0x10, OPEN = 0x20;
    public static final int MOVED_FROM = 0x40, MOVED_TO = 0x80, CREATE = 0x100, DELETE = 0x200, DELETE_SELF = 0x400, MOVE_SELF = 0x800;
    public static final int ALL_EVENTS = 0xfff;

    private final List<File> files;
    private final int mask;
    private WatchService service;

    public FileObserver(String path) { this(path, ALL_EVENTS); }
    public FileObserver(String path, int mask) { this(new File(path), mask); }
    public FileObserver(File file) { this(file, ALL_EVENTS); }
    public FileObserver(File file, int mask) { this(List.of(file), mask); }
    public FileObserver(List<File> files) { this(files, ALL_EVENTS); }

    public FileObserver(List<File> files, int mask) {
        this.files = new ArrayList<>(files);
        this.mask = mask;
    }

    public abstract void onEvent(int event, String path);

    public synchronized void startWatching() {
        if (service != null) return;
        try {
            WatchService own = service = FileSystems.getDefault().newWatchService();
            for (File one : files) {
                Path folder = (one.isDirectory() ? one : one.getAbsoluteFile().getParentFile()).toPath();
                folder.register(own, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY);
            }
            Thread thread = new Thread(() -> watch(own), "FileObserver");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException | UnsupportedOperationException | NullPointerException none) {
            // As on a phone a folder that is not there tells nothing.
        }
    }

    public synchronized void stopWatching() {
        if (service == null) return;
        try {
            service.close();
        } catch (IOException closed) {
            // Nothing is told any more either way.
        }
        service = null;
    }

    private void watch(WatchService own) {
        try {
            for (WatchKey key = own.take(); ; key = own.take()) {
                for (WatchEvent<?> one : key.pollEvents()) {
                    int event = one.kind() == StandardWatchEventKinds.ENTRY_CREATE ? CREATE : one.kind() == StandardWatchEventKinds.ENTRY_DELETE ? DELETE : MODIFY;
                    if ((mask & event) != 0) onEvent(event, String.valueOf(one.context()));
                }
                key.reset();
            }
        } catch (InterruptedException | java.nio.file.ClosedWatchServiceException end) {
            // Watching has ended.
        }
    }
}

/* Objects that a row keeps something of, and what the engine must know of the platform for it. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "engine.h"

/* Bits of what an object is: classes in the order of `platform.classes`. */
#define OF_LIST 0
#define OF_COLLECTION 1
#define OF_MAP 2
#define OF_BUNDLE 3
#define OF_STRING 4
#define OF_CHARS 5
#define OF_NUMBER 6
#define OF_BOOLEAN 7
#define OF_URI 8
#define OF_URL 9
#define OF_ADDRESS 10
#define OF_INTENT 11
#define OF_COMPONENT 12
#define OF_FILE 13
#define OF_PATH 14
#define OF_OBJECT 15
#define CLASSES 16

/* Methods of them, in the order of `platform.methods`. */
#define LIST_SIZE 0
#define COLLECTION_SIZE 1
#define MAP_SIZE 2
#define BUNDLE_SIZE 3
#define LIST_GET 4
#define TO_STRING 5
#define URI_AUTHORITY 6
#define URI_PATH 7
#define INTENT_ACTION 8
#define INTENT_COMPONENT 9
#define INTENT_PACKAGE 10
#define COMPONENT_PACKAGE 11
#define COMPONENT_CLASS 12
#define FILE_PATH 13
#define METHODS 14

/* Classes of the platform's objects that hold values, and where: methods and fields, in the order of `platform`. */
#define IN_PACKAGE 0
#define IN_PACKAGE_ITEM 1
#define IN_ACCOUNT 2
#define IN_SUBSCRIPTION 3
#define IN_BLUETOOTH 4
#define IN_SCAN 5
#define IN_LOCATION 6
#define IN_WIFI 7
#define HOLDERS 8
#define NAME_OF_PACKAGE 0
#define NAME_OF_ITEM 1
#define NAME_OF_ACCOUNT 2
#define ICC_ID 3
#define PHONE_NUMBER 4
#define BLUETOOTH_ADDRESS 5
#define SCAN_BSSID 6
#define LATITUDE 7
#define LONGITUDE 8
#define WIFI_SSID 9
#define WIFI_BSSID 10
#define WIFI_MAC 11
#define HELD 12

/* Further bits. */
#define IS_ARRAY 0x10000U
#define IS_OBJECTS 0x20000U
#define IS_BYTES 0x40000U
#define IS_PLATFORM 0x80000U

#define MOST_TEXT 4096
/* Characters of an argument that is read before the original runs: what is kept of it. */
#define MOST_KEPT 300

typedef struct
{
  /* Beginnings of names: length, characters, ..., 65535. */
  const unsigned short * names;
  const unsigned short * libraries;
  void * classes[CLASSES];
  void * methods[METHODS];
  void * holders[HOLDERS];
  void * held[HELD];
} Platform;

/* Classes whose kind is known: global references of the platform's classes, never given back. */
typedef struct
{
  void * klass;
  unsigned int kind;
  int spare;
} Shape;

#define SHAPES 256

extern Platform platform;
extern Shape shapes[];

extern int object_failed (Thread * t, void * env);
extern int count_of (Thread * t, void * env, unsigned int kind, void * object);
extern unsigned int kind_of (Thread * t, void * env, Site * s, void * object);
extern int read_held (Thread * t, void * env, Site * s, int as, void * object, unsigned short * out, int most);
extern int read_object (Thread * t, void * env, Site * s, int as, void * object, unsigned short * out, int most);

#endif

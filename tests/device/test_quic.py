"""Packet counts of rejected QUIC, in the format of iptables' verbose list."""

from monitor.device.provision.apply import rejected_packets

V4 = """Chain OUTPUT (policy ACCEPT 918 packets, 77112 bytes)
    pkts      bytes target     prot opt in     out     source               destination
      12     15360 REJECT     udp  --  *      *       0.0.0.0/0            0.0.0.0/0            udp dpt:443 owner UID match 10234 reject-with icmp-port-unreachable
       7      8960 REJECT     udp  --  *      *       0.0.0.0/0            0.0.0.0/0            udp dpt:443 owner UID match 10235 reject-with icmp-port-unreachable
       5       300 ACCEPT     udp  --  *      *       0.0.0.0/0            0.0.0.0/0            udp dpt:443 owner UID match 10234
       9       540 REJECT     udp  --  *      *       0.0.0.0/0            0.0.0.0/0            udp dpt:4433 owner UID match 10234 reject-with icmp-port-unreachable
"""  # noqa: E501
V6 = """Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
    pkts      bytes target     prot opt in     out     source               destination
      3K     4M REJECT     udp      *      *       ::/0                 ::/0                 udp dpt:443 owner UID match 10234 reject-with icmp6-port-unreachable
"""  # noqa: E501


def test_only_the_apps_own_rejected_packets_count() -> None:
    assert rejected_packets(V4, 10234) == 12
    assert rejected_packets(V4, 10235) == 7
    assert rejected_packets(V4, 1) == 0
    assert rejected_packets(V6, 10234) == 3000


def test_other_texts_count_nothing() -> None:
    for text in ("", "iptables: Permission denied", "x y REJECT dpt:443 owner UID match 1", V4.replace("pts", "")):
        assert rejected_packets(text, 1) == 0

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ActorTorrent.Engine.Trackers;

/// <summary>Tells the <see cref="NetworkZone"/> of an address.</summary>
internal static class NetworkZones
{
    private static readonly IPNetwork[] LanNetworks =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    private static ReadOnlySpan<byte> Nat64Prefix => [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The zone of an address, this host's own public addresses included.</summary>
    public static NetworkZone Of(IPAddress address)
    {
        var zone = OfKind(address);
        return zone != NetworkZone.Host && IsOwn(address) ? NetworkZone.Host : zone;
    }

    /// <summary>The zone that an address has by its kind alone.</summary>
    public static NetworkZone OfKind(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Embedded(address) is { } inner)
            address = inner;

        // Connecting to the unspecified address reaches the host itself.
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return NetworkZone.Host;
        foreach (var network in LanNetworks)
        {
            if (network.Contains(address))
                return NetworkZone.Lan;
        }
        return NetworkZone.Public;
    }

    // An IPv4 address inside an IPv6 one (mapped, or behind the NAT64 prefix) is judged as what it is.
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[..12].SequenceEqual(Nat64Prefix)
            ? new IPAddress(bytes[12..])
            : null;
    }

    private static bool IsOwn(IPAddress address)
    {
        foreach (var networkInterface in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var own in networkInterface.GetIPProperties().UnicastAddresses)
            {
                if (own.Address.Equals(address))
                    return true;
            }
        }
        return false;
    }
}

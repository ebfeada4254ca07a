using System.Globalization;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>What aria2 is started with whatever it is to do: loopback alone, no discovery, no configuration of the user's.</summary>
public static class Aria2Options
{
    /// <param name="port">For peers.</param>
    /// <param name="folder">Where files are, or go.</param>
    public static IEnumerable<string> For(int port, string folder) =>
    [
        "--no-conf=true",
        "--enable-dht=false",
        "--enable-dht6=false",
        "--bt-enable-lpd=false",
        "--enable-peer-exchange=false",
        "--disable-ipv6=true",
        "--interface=127.0.0.1",
        "--show-console-readout=false",
        "--summary-interval=0",
        "--listen-port=" + port.ToString(CultureInfo.InvariantCulture),
        "--dir=" + folder,
    ];
}

using System.CommandLine;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Cli;

/// <summary>The options that say whether and from where peers are found without a tracker.</summary>
internal static class DhtOption
{
    /// <summary><c>--no-dht</c>.</summary>
    public static Option<bool> Without() => new("--no-dht") { Description = "Find no peers by the distributed hash table (DHT), and be no node of it." };

    /// <summary><c>--dht-node</c>.</summary>
    public static Option<string[]> Nodes() => new("--dht-node")
    {
        Description = "A DHT node to begin with, instead of those of the settings; may be repeated.",
        HelpName = "HOST:PORT",
    };

    /// <summary>The settings with what the user says laid over them.</summary>
    /// <exception cref="InputException">A node is not HOST:PORT.</exception>
    public static DhtOptions Apply(DownloadArguments arguments, DhtOptions settings)
    {
        foreach (var node in arguments.DhtNodes)
        {
            if (!HostAndPort.TryParse(node, out _))
                throw new InputException($"--dht-node: '{node}' is not HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:6881 or [::1]:6881.");
        }
        return settings with
        {
            Enabled = arguments.HasDht && (settings.Enabled || arguments.DhtNodes.Count > 0),
            Bootstrap = arguments.DhtNodes.Count > 0 ? arguments.DhtNodes : settings.Bootstrap,
        };
    }
}

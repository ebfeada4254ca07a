using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Cli;

/// <summary>The option that says which of this host's addresses are used.</summary>
internal static class BindOption
{
    /// <summary><c>--bind</c>.</summary>
    public static Option<string[]> Create() => new("--bind")
    {
        Description = "An own address that everything goes out from and comes in to; twice for one of IPv4 and one of IPv6. A family without one is not used then.",
        HelpName = "ADDRESS",
    };

    /// <summary>The addresses; null when none is named.</summary>
    /// <exception cref="InputException">One is not an address, or two are of one family.</exception>
    public static BindOptions? Parse(IReadOnlyList<string> addresses)
    {
        if (addresses.Count == 0)
            return null;
        var bind = new BindOptions();
        foreach (var text in addresses)
        {
            if (!IPAddress.TryParse(text, out var address))
                throw new InputException($"--bind: '{text}' is not an IP address, such as 192.0.2.7 or 2001:db8::7.");
            if (bind.Named(address.AddressFamily) is { } other)
                throw new InputException($"--bind: {other} and {address} are of one family; name one of each at most.");
            bind = address.AddressFamily == AddressFamily.InterNetworkV6 ? bind with { V6 = address } : bind with { V4 = address };
        }
        return bind;
    }
}

using System.Globalization;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>
/// A network namespace with nothing but a loopback interface that can multicast: programs started in it hear each other and nobody
/// else, on whatever port. It lives as long as the process that holds it. Besides 127.0.0.1 it has two addresses that transmission
/// does not take for this host's own; who multicasts without choosing one sends from the first.
/// </summary>
public sealed class PrivateNetwork
{
    public const string First = "10.77.0.1";
    public const string Second = "10.77.0.2";

    private readonly ChildProcess _holder;

    private PrivateNetwork(ChildProcess holder) => _holder = holder;

    public static async Task<PrivateNetwork> Start(Stage stage)
    {
        var holder = stage.Start(
            "network",
            Programs.Unshare,
            [
                .. Identity("--user", "--map-root-user"),
                "--net",
                "sh",
                "-c",
                $"ip link set lo up multicast on && ip addr add {First}/24 dev lo && ip addr add {Second}/24 dev lo"
                    + $" && ip route add 224.0.0.0/4 dev lo src {First} && echo ready && exec sleep 600",
            ]);
        await holder.Line("that it is ready", static line => line == "ready", stage.Deadline);
        return new PrivateNetwork(holder);
    }

    /// <summary>The command that runs another one in it.</summary>
    public IReadOnlyList<string> Inside(string program, IEnumerable<string> arguments) =>
    [
        Programs.Nsenter,
        "--target", _holder.Id.ToString(CultureInfo.InvariantCulture),
        .. Identity("--user", "--preserve-credentials"),
        "--net",
        "--",
        program,
        .. arguments,
    ];

    // Only root may make one without being root of a namespace of its own first.
    private static string[] Identity(params string[] options) => Environment.IsPrivilegedProcess ? [] : options;
}

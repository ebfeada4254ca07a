using System.Text.Json.Nodes;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>The verb <c>seed</c> at work: what metadata can be had from, too.</summary>
internal sealed class SeedingCommand : IAsyncDisposable
{
    private readonly Command _command;

    private SeedingCommand(Command command, int port)
    {
        _command = command;
        Port = port;
    }

    /// <summary>Where peers can dial it.</summary>
    public int Port { get; }

    public static async Task<SeedingCommand> StartAsync(string torrent, string folder)
    {
        var command = Command.Start("seed", torrent, "--data", folder, "--port", "0", "--profile", "test", "--json");
        await command.Prints("\"event\":\"seeding\"");
        return new SeedingCommand(command, (int)JsonNode.Parse(command.Output.ToString().Split('\n')[0])!["port"]!);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();
}

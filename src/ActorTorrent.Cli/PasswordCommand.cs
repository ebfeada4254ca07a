using System.CommandLine;
using ActorTorrent.Service.Security;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>password</c>: makes what the configuration keeps of a password or token.</summary>
internal static class PasswordCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var command = new Command("password", "Read a password or token from standard input and print the hash that the service's configuration keeps of it.");
        command.SetAction(async (parsed, stop) =>
        {
            if (await Console.In.ReadLineAsync(stop).ConfigureAwait(false) is not { Length: > 0 } secret)
                throw new InputException("Nothing was typed.");
            await parsed.InvocationConfiguration.Output.WriteLineAsync(SecretHash.Make(secret)).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }
}

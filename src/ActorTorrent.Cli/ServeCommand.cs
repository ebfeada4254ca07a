using System.CommandLine;
using ActorTorrent.Service;
using ActorTorrent.Service.Hosting;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Session;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>serve</c>: the engine as a service that is steered over HTTP.</summary>
internal static class ServeCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "A JSON file like config/appsettings.json, laid over that one.", HelpName = "FILE" };
        var urls = new Option<string[]>("--urls")
        {
            Description = "Where to listen, instead of http://127.0.0.1:9091; may be repeated.",
            HelpName = "URL",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The folder that torrents, settings and resume data are kept in; $ACTORTORRENT_STATE or ~/.local/state/actortorrent when not given.",
            HelpName = "DIR",
        };
        var profile = new Option<string[]>("--profile")
        {
            Description = "A profile of hocon/profiles, or a HOCON file, laid over the profile 'service'; may be repeated.",
            HelpName = "NAME|FILE",
        };
        var command = new Command("serve", "Run as a service: Transmission-compatible RPC, REST, dashboard.") { config, urls, data, profile };
        command.SetAction((parsed, stop) =>
        {
            var configuration = Configuration(parsed.GetValue(config), parsed.GetValue(urls) ?? [], parsed.GetValue(data));
            var settings = ServiceSettings.Read(configuration, StateFolder.Find(option: null, Environment.GetEnvironmentVariable));
            settings = settings with { Profiles = [.. settings.Profiles, .. parsed.GetValue(profile) ?? []] };
            return RunAsync(configuration, settings, parsed.InvocationConfiguration.Output, stop);
        });
        return command;
    }

    private static IConfigurationRoot Configuration(string? file, IReadOnlyList<string> urls, string? data)
    {
        var builder = new ConfigurationBuilder();
        // What was there when this was built; the file, when it is there, says more or otherwise.
        builder.AddJsonStream(typeof(ServeCommand).Assembly.GetManifestResourceStream("config/appsettings.json")!);
        builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "config", "appsettings.json"), optional: true);
        if (file is not null)
        {
            if (!File.Exists(file))
                throw new InputException($"--config: {file}: no such file.");
            builder.AddJsonFile(Path.GetFullPath(file));
        }
        builder.AddEnvironmentVariables("ACTORTORRENT_");
        var arguments = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (urls.Count > 0)
            arguments[$"{ServiceSettings.Section}:Urls"] = string.Join(';', urls);
        if (data is not null)
            arguments[$"{ServiceSettings.Section}:DataFolder"] = data;
        builder.AddInMemoryCollection(arguments);
        try
        {
            return builder.Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new InputException($"{e.Message} {e.InnerException?.Message}".TrimEnd());
        }
    }

    private static async Task<int> RunAsync(IConfiguration configuration, ServiceSettings settings, TextWriter output, CancellationToken stop)
    {
        try
        {
            var app = ServeApplication.Build(configuration, settings);
            await using (app.ConfigureAwait(false))
            {
                await app.StartAsync(stop).ConfigureAwait(false);
                await app.Services.GetRequiredService<IActorTorrent>().WhenReadyAsync(stop).ConfigureAwait(false);
                await output.WriteLineAsync($"serving at {string.Join(", ", app.Urls)}").ConfigureAwait(false);
                await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                await app.WaitForShutdownAsync(stop).ConfigureAwait(false);
            }
            return ExitCode.Ok;
        }
        catch (SessionException e)
        {
            throw new InputException(e.Message);
        }
        catch (IOException e)
        {
            throw new InputException(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }
}

using System.Globalization;
using ActorTorrent.Benchmarks.Idle;
using ActorTorrent.Benchmarks.Micro;
using ActorTorrent.Benchmarks.Picking;
using ActorTorrent.Benchmarks.Runtime;
using ActorTorrent.Benchmarks.Service;
using ActorTorrent.Benchmarks.Start;
using ActorTorrent.Benchmarks.Transfer;

return args switch
{
    ["runtime", .. var rest] => await RuntimeCommand.RunAsync(rest),
    ["picker"] => PickerCommand.Run(),
    ["transfer", .. var rest] => await TransferCommand.RunAsync(rest),
    ["transfer-report", .. var rest] => TransferCommand.Report(rest),
    ["idle", .. var rest] => await IdleCommand.RunAsync(rest),
    ["idle-engine", var folder, var torrents] => await IdleEngine.RunAsync(folder, int.Parse(torrents, CultureInfo.InvariantCulture)),
    ["service", .. var rest] => await ServiceCommand.RunAsync(rest),
    ["start", .. var rest] => await StartCommand.RunAsync(rest),
    ["micro", .. var rest] => MicroCommand.Run(rest),
    ["publish"] => await TransferCommand.PublishAsync(form: null),
    ["publish", "trimmed" or "native" or "own"] => await TransferCommand.PublishAsync(args[1]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(RuntimeCommand.Usage);
    Console.Error.WriteLine(PickerCommand.Usage);
    Console.Error.WriteLine(TransferCommand.Usage);
    Console.Error.WriteLine(IdleCommand.Usage);
    Console.Error.WriteLine(StartCommand.Usage);
    Console.Error.WriteLine(MicroCommand.Usage);
    Console.Error.WriteLine(ServiceCommand.Usage);
    return 2;
}

<?php
/** PHP's SoapClient as a client program: php_client.php VERSION SETTINGS_JSON. See client-program.ts for what it reads and prints. */
set_error_handler(function (int $level, string $message): never {
    throw new ErrorException($message, $level);
});

/** Changes the envelope of one call on its way out, as SoapClient itself would not. */
final class EditingClient extends SoapClient
{
    public ?object $edit = null;
    public ?string $action = null;

    public function __doRequest(string $request, string $location, string $action, int $version, bool $oneWay = false): ?string
    {
        $edited = $this->edit === null ? $request : applyEdit($request, $this->edit);
        return parent::__doRequest($edited, $location, $this->action ?? $action, $version, $oneWay);
    }
}

function applyEdit(string $request, object $edit): string
{
    $document = new DOMDocument();
    $document->loadXML($request);
    $envelope = $document->documentElement;
    if ($edit->change === 'header') {
        $header = $document->createElementNS($envelope->namespaceURI, "$envelope->prefix:Header");
        $block = $document->createElementNS($edit->namespace, 'n:Block');
        $block->setAttributeNS($envelope->namespaceURI, "$envelope->prefix:mustUnderstand", '1');
        $header->appendChild($block);
        $envelope->insertBefore($header, $envelope->firstChild);
        return $document->saveXML();
    }
    $element = $document->getElementsByTagNameNS('*', $edit->element)->item(0);
    match ($edit->change) {
        'set' => $element->textContent = $edit->text,
        'remove' => $element->remove(),
        'rename' => rename_element($element, $edit->to),
        'repeat' => $element->after($element->cloneNode(true)),
    };
    return $document->saveXML();
}

function rename_element(DOMElement $element, string $to): void
{
    $renamed = $element->ownerDocument->createElementNS($element->namespaceURI, "$element->prefix:$to");
    while ($element->firstChild !== null) {
        $renamed->appendChild($element->firstChild);
    }
    $element->replaceWith($renamed);
}

/** A JSON value as SoapClient takes it: texts where PHP has no type, as for decimals and dates. */
function read(mixed $value): mixed
{
    if (is_array($value)) {
        return array_map(read(...), $value);
    }
    if (!is_object($value)) {
        return $value;
    }
    $members = get_object_vars($value);
    $tag = array_key_first($members);
    return match ($tag) {
        '$long' => (int) $members[$tag],
        '$double' => unpack('E', hex2bin($members[$tag]))[1],
        '$decimal', '$date', '$dateTime' => $members[$tag],
        default => (object) array_map(read(...), $members),
    };
}

function write(mixed $value): mixed
{
    return match (true) {
        is_int($value) => ['$long' => (string) $value],
        is_float($value) => ['$double' => bin2hex(pack('E', $value))],
        is_array($value) => array_map(write(...), $value),
        is_object($value) => (object) array_map(write(...), get_object_vars($value)),
        default => $value,
    };
}

function fault(SoapFault $fault): array
{
    $seen = [
        'exception' => $fault::class,
        'code' => preg_replace('/.*:/', '', $fault->faultcode),
        'reason' => $fault->faultstring,
    ];
    $detail = $fault->detail ?? null;
    return $detail === null ? $seen : [...$seen, 'detail' => write($detail->EvaluateFault)];
}

$settings = json_decode($argv[2], true, 512, JSON_THROW_ON_ERROR);
$compression = SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 6;
$clients = [];
while (($line = fgets(STDIN)) !== false) {
    $call = json_decode($line, false, 512, JSON_THROW_ON_ERROR);
    $client = $clients[$call->wsdl] ??= new EditingClient($call->wsdl, [
        'cache_wsdl' => WSDL_CACHE_NONE,
        'soap_version' => $argv[1] === '1.2' ? SOAP_1_2 : SOAP_1_1,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    ] + (isset($settings['gzip']) ? ['compression' => $compression] : []));
    $client->edit = $call->edit ?? null;
    $client->action = $call->action ?? null;
    $client->__setLocation($call->address ?? null);
    try {
        $answer = ['result' => write($client->__soapCall($call->operation, [read($call->request)])->result ?? null)];
    } catch (SoapFault $fault) {
        // SoapClient makes a fault of its own out of everything else that goes wrong.
        $answer = in_array($fault->faultcode, ['HTTP', 'WSDL'], true)
            ? ['failure' => "$fault->faultcode: $fault->faultstring"]
            : ['fault' => fault($fault)];
    }
    echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}
